// A box that searches while one types, for what is too much to list: records, people, long vocabularies.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { T, useT } from '../i18n';
import { aria, type Common } from './common';

export type Option = { code: string; title: string; note?: string };

type Props = Common & {
  value: string[];
  onChange: (value: string[]) => void;
  name: (code: string) => string;
  find: (words: string, signal: AbortSignal) => Promise<Option[]>;
  many?: boolean;
};

const WAIT_MS = 180;

function useFound(words: string | null, find: Props['find']) {
  const [found, setFound] = useState<{ words: string; options: Option[] } | null>(null);
  const latest = useRef(find);
  useEffect(() => {
    latest.current = find;
  });
  useEffect(() => {
    if (words === null) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      latest.current(words, stop.signal).then(
        (options) => !stop.signal.aborted && setFound({ words, options }),
        () => !stop.signal.aborted && setFound({ words, options: [] }),
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [words]);
  return words !== null && found?.words === words ? found.options : null;
}

export function Suggest({ id, value, onChange, name, find, many = false, ...rest }: Props) {
  const t = useT();
  const [words, setWords] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const [titles, setTitles] = useState<Record<string, string>>({});
  const box = useRef<HTMLInputElement>(null);
  const options = useFound(words, find)?.filter((o) => !value.includes(o.code)) ?? null;
  const open = words !== null;
  const take = (o: Option) => {
    setTitles({ ...titles, [o.code]: o.title });
    onChange(many ? [...value, o.code] : [o.code]);
    setWords(null);
    setAt(0);
  };
  const drop = (code: string) => {
    onChange(value.filter((v) => v !== code));
    box.current?.focus();
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Escape' && open) setWords(null);
    else if (e.key === 'ArrowDown') {
      if (!open) setWords('');
      else setAt(Math.min((options?.length ?? 1) - 1, at + 1));
    } else if (e.key === 'ArrowUp' && open) setAt(Math.max(0, at - 1));
    else if (e.key === 'Enter') {
      const o = open ? options?.[at] : undefined;
      if (!open) return;
      if (o) take(o);
    } else if (e.key === 'Backspace' && !words && value.length > 0) {
      onChange(value.slice(0, -1));
      return;
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const title = (code: string) => titles[code] ?? name(code);
  return (
    <div className="f-suggest">
      {value.length > 0 && (
        <ul className="f-chips">
          {value.map((code) => (
            <li key={code} className="f-chip">
              <bdi>{title(code)}</bdi>
              {title(code) !== code && <span className="mono muted">{code}</span>}
              <button type="button" onClick={() => drop(code)} aria-label={t('ui.field.drop', { what: title(code) })}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {(many || value.length === 0) && (
        <input
          ref={box}
          id={id}
          className="f-in"
          role="combobox"
          aria-expanded={open}
          aria-controls={`${id}-options`}
          aria-autocomplete="list"
          aria-activedescendant={open && options?.[at] ? `${id}-option-${at}` : undefined}
          autoComplete="off"
          dir="auto"
          placeholder={t('ui.field.search')}
          value={words ?? ''}
          onChange={(e) => {
            setWords(e.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setWords(null)}
          {...aria(rest)}
        />
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a list box has no tag of its own */}
      <ul id={`${id}-options`} className="f-options" role="listbox" aria-label={t('ui.field.found')} hidden={!open || !options?.length}>
        {open &&
          options?.map((o, i) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus, jsx-a11y/no-noninteractive-element-to-interactive-role -- the box has the focus and the keys
            <li key={o.code} id={`${id}-option-${i}`} role="option" aria-selected={i === at} onMouseDown={(e) => e.preventDefault()} onClick={() => take(o)}>
              <bdi>{o.title}</bdi> {o.title !== o.code && <span className="mono muted">{o.code}</span>}
              {o.note && <span className="muted"> {o.note}</span>}
            </li>
          ))}
      </ul>
      {open && options?.length === 0 && (
        <p className="muted small" role="status">
          <T id="ui.field.nothing" />
        </p>
      )}
    </div>
  );
}

// Identifiers that are typed or pasted: enter, comma or space ends one.
export function CodesField({ id, value, onChange, hint, ...rest }: Common & { value: string[]; onChange: (value: string[]) => void; hint: string }) {
  const t = useT();
  const [text, setText] = useState('');
  const add = (typed: string) => {
    const found = typed.split(/[\s,;]+/).filter((c) => c !== '');
    if (found.length) onChange([...new Set([...value, ...found])]);
    setText('');
  };
  return (
    <div className="f-suggest">
      {value.length > 0 && (
        <ul className="f-chips">
          {value.map((code) => (
            <li key={code} className="f-chip">
              <bdi dir="ltr" className="mono">
                {code}
              </bdi>
              <button type="button" onClick={() => onChange(value.filter((v) => v !== code))} aria-label={t('ui.field.drop', { what: code })}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        className="f-in"
        autoComplete="off"
        placeholder={hint}
        value={text}
        onChange={(e) => (/[\s,;]$/.test(e.target.value) ? add(e.target.value) : setText(e.target.value))}
        onKeyDown={(e) => {
          if (e.key !== 'Enter' || text === '') return;
          e.preventDefault();
          add(text);
        }}
        onBlur={() => add(text)}
        {...aria(rest)}
      />
    </div>
  );
}
