import { Button } from '@patternfly/react-core';
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { Problem } from '../../../api/client';
import { T, useT } from '../../../ui/i18n';
import { accept, complete, type Completion } from './complete';
import { QueryError } from './QueryError';

type Props = {
  text: string;
  onText: (text: string) => void;
  onRun: () => void;
  onLeave: () => void;
  busy: boolean;
  problem: Problem | null;
  box: RefObject<HTMLInputElement | null>;
};

const NONE: Completion = { from: 0, to: 0, options: [] };

// The query with completion of its fields (arrows choose, Enter or Tab takes, Esc closes) and its error below.
export function QueryBox({ text, onText, onRun, onLeave, busy, problem, box }: Props) {
  const t = useT();
  const id = useId();
  const [offer, setOffer] = useState<Completion>(NONE);
  const [chosen, setChosen] = useState(-1);
  const caret = useRef<number | null>(null);
  const open = offer.options.length > 0;
  const show = (next: Completion) => {
    setOffer(next);
    setChosen(-1);
  };
  const change = (value: string, at: number) => {
    onText(value);
    show(complete(value, at));
  };
  const take = (option: string) => {
    const next = accept(text, offer, option);
    caret.current = next.caret;
    change(next.text, next.caret);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    const count = offer.options.length;
    if (open && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      e.preventDefault();
      setChosen((c) => (e.key === 'ArrowDown' ? (c + 1) % count : (c <= 0 ? count : c) - 1));
    } else if (open && chosen >= 0 && (e.key === 'Enter' || e.key === 'Tab')) {
      e.preventDefault();
      take(offer.options[chosen]!);
    } else if (e.key === 'Escape') {
      e.preventDefault();
      if (open) show(NONE);
      else onLeave();
    } else if (e.key === 'Enter') {
      e.preventDefault();
      show(NONE);
      onRun();
    }
  };
  return (
    <div className="query">
      <div className="query-line">
        <div className="query-field">
          <input
            ref={box}
            className="query-input"
            type="text"
            dir="auto"
            role="combobox"
            aria-label={t('evidence.search.label')}
            aria-expanded={open}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={open && chosen >= 0 ? `${id}-${chosen}` : undefined}
            aria-invalid={problem !== null}
            aria-describedby={problem ? `${id}-error` : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder={t('evidence.search.placeholder')}
            value={text}
            onChange={(e) => change(e.target.value, e.target.selectionStart ?? e.target.value.length)}
            onKeyDown={onKey}
            onBlur={() => show(NONE)}
          />
          <div id={`${id}-list`} role="listbox" aria-label={t('evidence.search.completion')} className="query-options" hidden={!open}>
            {offer.options.map((option, i) => (
              <div
                key={option}
                id={`${id}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === chosen}
                onMouseDown={(e) => {
                  e.preventDefault();
                  take(option);
                }}
              >
                <span className="mono">{option}</span>{' '}
                {option.endsWith(':') && (
                  <span className="muted">
                    <T id={`evidence.field.${option.slice(0, -1)}`} />
                  </span>
                )}
              </div>
            ))}
          </div>
        </div>
        <Button onClick={onRun} isLoading={busy} isDisabled={busy}>
          <T id="evidence.search.run" />
        </Button>
      </div>
      {problem && <QueryError id={`${id}-error`} text={text} problem={problem} />}
    </div>
  );
}
