import type { Item } from '../../../api/types';
import { Facts } from '../../../ui/Facts';
import { T, useWord } from '../../../ui/i18n';
import { Bytes, Code, EvidenceDate, Name, useLanguageName } from '../../../ui/Words';
import { useTypeWord } from '../typeWord';

// What must stand above every text: what this is, where it was found, and that it is unchanged.
export function ItemHead({ item }: { item: Item }) {
  const word = useWord();
  const typeWord = useTypeWord();
  const languageName = useLanguageName();
  return (
    <Facts
      rows={[
        item.code ? [<T key="l" id="evidence.item.code" />, <Code key="v">{item.code}</Code>] : null,
        [<T key="l" id="evidence.item.path" />, <Name key="v" of={item.path} />],
        [<T key="l" id="evidence.item.hash" />, <Code key="v">{item.sha256}</Code>],
        [
          <T key="l" id="evidence.item.type" />,
          <span key="v">
            {typeWord(item.type)} · <Code>{item.media_type}</Code> · <Bytes of={item.size} />
            {item.language && <> · {languageName(item.language)}</>}
          </span>,
        ],
        [<T key="l" id="evidence.item.state" />, <strong key="v">{word('evidence.state', item.state)}</strong>],
        item.date
          ? [
              <T key="l" id="evidence.item.date" />,
              <span key="v">
                <EvidenceDate of={item.date} />{' '}
                {item.date_origin && <span className="muted">({word('evidence.origin', item.date_origin)})</span>}
              </span>,
            ]
          : null,
      ]}
    />
  );
}
