import type { Item } from '../../../api/types';
import { Facts, type Fact } from '../../../ui/Facts';
import { T, useT, useWord } from '../../../ui/i18n';
import { Name, Num } from '../../../ui/Words';
import { ItemLink, type Links } from './Family';

type Of = { item: Item };

function Side({ title, children }: { title: string; children: React.ReactNode }) {
  const t = useT();
  return (
    <section className="side" aria-label={t(title)}>
      <h2>
        <T id={title} />
      </h2>
      {children}
    </section>
  );
}

export function FindingList({ item }: Of) {
  const word = useWord();
  if (item.findings.length === 0) return null;
  return (
    <Side title="evidence.item.findings">
      <ul className="plain">
        {item.findings.map((f, i) => (
          <li key={i}>
            <strong className="danger">{word('evidence.reason', f.reason)}</strong>{' '}
            <span className="wrap">
              <bdi>{f.detail}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </Side>
  );
}

// Everything the item tells of itself.
export function FieldList({ item }: Of) {
  const word = useWord();
  const addresses: Fact[] = Object.entries(item.addresses).flatMap(([role, list]) =>
    list.map((a, i): Fact => [i === 0 ? word('evidence.meta', role) : '', <bdi key="v">{a}</bdi>]),
  );
  const own: (Fact | null)[] = [
    item.author ? [<T key="l" id="evidence.meta.author" />, <bdi key="v">{item.author}</bdi>] : null,
    item.pages ? [<T key="l" id="evidence.meta.pages" />, <Num key="v" of={item.pages} />] : null,
  ];
  const fields = item.fields.map((f): Fact => [word('evidence.meta', f.name), <bdi key="v">{f.value}</bdi>]);
  return (
    <Side title="evidence.item.metadata">
      <Facts rows={[...own, ...addresses, ...fields]} />
    </Side>
  );
}

export function ThreadList({ item, ...links }: Of & Links) {
  if (item.thread.length === 0) return null;
  return (
    <Side title="evidence.item.thread">
      <ul className="plain">
        {item.thread.map((m) => (
          <li key={m.id}>
            {m.id === item.id ? (
              <strong>
                <Name of={m.path} />
              </strong>
            ) : (
              <ItemLink to={m.id} {...links}>
                <Name of={m.path} />
              </ItemLink>
            )}
          </li>
        ))}
      </ul>
    </Side>
  );
}

export function DuplicateList({ item, ...links }: Of & Links) {
  if (item.duplicates.length === 0) return null;
  return (
    <Side title="evidence.item.duplicates">
      <ul className="plain">
        {item.duplicates.map((d) => (
          <li key={d.id}>
            <span className="tag lead">
              <T id={d.kind === 'exact' ? 'evidence.item.exact' : 'evidence.item.near'} />
            </span>{' '}
            <ItemLink to={d.id} {...links}>
              <Name of={d.path} />
            </ItemLink>
          </li>
        ))}
      </ul>
    </Side>
  );
}

// What machines made of the item, each with its engine and how sure it says it is.
export function DerivedList({ item }: Of) {
  const word = useWord();
  if (item.derived.length === 0) return null;
  return (
    <Side title="evidence.item.derived">
      <table className="dt">
        <thead>
          <tr>
            {['kind', 'engine', 'confidence'].map((c) => (
              <th key={c} scope="col" className={c === 'confidence' ? 'end' : undefined}>
                <T id={`evidence.derived.${c}`} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {item.derived.map((d, i) => (
            <tr key={i}>
              <td>{word('evidence.kind', d.kind)}</td>
              <td className="wrap">
                <bdi>
                  {d.engine} {d.version}
                </bdi>
              </td>
              <td className="end">{d.confidence === null ? '–' : <Num of={d.confidence} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Side>
  );
}
