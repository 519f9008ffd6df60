import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { FACETS, type Chosen, type Count, type FacetName } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { visible } from '../../../ui/text';
import { Num } from '../../../ui/Words';
import { toggled } from './chosen';
import { useFacetLabel } from './facetLabel';

const SHOWN = 8;

type FacetProps = { name: FacetName; values: Count[]; chosen: string[]; onToggle: (value: string) => void };

function Facet({ name, values, chosen, onToggle }: FacetProps) {
  const label = useFacetLabel();
  const [all, setAll] = useState(false);
  const missing = chosen.filter((c) => !values.some((v) => v.value === c)).map((value) => ({ value, count: 0 }));
  const found = [...values, ...missing];
  const every = name === 'year' ? found.toSorted((a, b) => b.value.localeCompare(a.value)) : found;
  const shown = all ? every : every.filter((v, i) => i < SHOWN || chosen.includes(v.value));
  return (
    <fieldset className="facet">
      <legend>
        <T id={`evidence.facet.${name}`} />
      </legend>
      {shown.map((v) => (
        <label key={v.value}>
          <input type="checkbox" checked={chosen.includes(v.value)} onChange={() => onToggle(v.value)} />
          <span className="facet-value" title={visible(v.value)}>{label(name, v.value)}</span>
          <span className="muted">
            <Num of={v.count} />
          </span>
        </label>
      ))}
      {every.length > SHOWN && (
        <Button variant="link" size="sm" isInline onClick={() => setAll(!all)}>
          {all ? <T id="evidence.facet.fewer" /> : <T id="evidence.facet.more" values={{ n: every.length - shown.length }} />}
        </Button>
      )}
    </fieldset>
  );
}

type Props = { counts: Partial<Record<FacetName, Count[]>>; chosen: Chosen; onChange: (chosen: Chosen) => void };

export function Facets({ counts, chosen, onChange }: Props) {
  const t = useT();
  const any = Object.keys(chosen).length > 0;
  return (
    <section className="pane facets" aria-label={t('evidence.search.filters')}>
      <div className="pane-h">
        <h2>
          <T id="evidence.search.filters" />
        </h2>
        <span className="grow" />
        {any && (
          <Button variant="link" isInline onClick={() => onChange({})}>
            <T id="evidence.search.clear" />
          </Button>
        )}
      </div>
      <div className="scroll" tabIndex={-1}>
        {FACETS.filter((f) => counts[f]?.length || chosen[f]?.length).map((f) => (
          <Facet key={f} name={f} values={counts[f] ?? []} chosen={chosen[f] ?? []} onToggle={(v) => onChange(toggled(chosen, f, v))} />
        ))}
      </div>
    </section>
  );
}

// What is filtered by, in words, each with a button that takes it away.
export function Chips({ chosen, onChange }: Omit<Props, 'counts'>) {
  const t = useT();
  const label = useFacetLabel();
  const chips = ([...FACETS, 'place'] as const).flatMap((name) => (chosen[name] ?? []).map((value) => ({ name, value })));
  if (chips.length === 0) return null;
  return (
    <ul className="chips" aria-label={t('evidence.search.active')}>
      {chips.map(({ name, value }) => (
        <li key={`${name} ${value}`} className="chip">
          <span className="muted">
            <T id={`evidence.facet.${name}`} />
          </span>{' '}
          {label(name, value)}
          <button type="button" aria-label={t('evidence.search.remove', { what: value })} onClick={() => onChange(toggled(chosen, name, value))}>
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
