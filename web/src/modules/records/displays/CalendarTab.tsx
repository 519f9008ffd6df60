// A month, a day a cell, with what lies on it. Arrows move by days and weeks, Page Up and Page Down by months.
import { Button } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useIntl } from 'react-intl';
import { queries } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { Loaded } from '../../../app/problem';
import { useDateWords } from '../../../ui/DateWords';
import { T, useT } from '../../../ui/i18n';
import { visible } from '../../../ui/text';
import { Code } from '../../../ui/Words';
import { useStateName } from '../data';
import { dayBy, gridOf, monthBy, today } from './month';
import './displays.css';

const SHOWN = 3;

export default function CalendarTab({ kind, query, field }: { kind: Kind; query: string; field: string }) {
  const t = useT();
  const intl = useIntl();
  const words = useDateWords();
  const stateName = useStateName(kind);
  const [day, setDay] = useState(today());
  const touched = useRef(false);
  const cells = useRef<HTMLTableElement>(null);
  const month = day.slice(0, 7);
  const weeks = gridOf(month);
  const [from, to] = [weeks[0]![0]!, weeks.at(-1)![6]!];
  const answer = useQuery({ queryKey: ['days', query, field, from, to], queryFn: ({ signal }) => queries.days(query, field, from, to, signal), staleTime: 30_000, placeholderData: keepPreviousData });
  const on = (d: string) => (answer.data?.entries ?? []).filter((e) => e.from <= d && d <= e.to);
  useEffect(() => {
    if (touched.current) cells.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  }, [day]);
  const go = (d: string) => {
    touched.current = true;
    setDay(d);
  };
  const inMonth = (by: number) => {
    const m = monthBy(month, by);
    const last = dayBy(`${monthBy(m, 1)}-01`, -1);
    return `${m}-${day.slice(8)}` > last ? last : `${m}-${day.slice(8)}`;
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const weekday = weeks.flat().indexOf(day) % 7;
    const to_ = {
      ArrowLeft: () => dayBy(day, -1),
      ArrowRight: () => dayBy(day, 1),
      ArrowUp: () => dayBy(day, -7),
      ArrowDown: () => dayBy(day, 7),
      Home: () => dayBy(day, -weekday),
      End: () => dayBy(day, 6 - weekday),
      PageUp: () => inMonth(-1),
      PageDown: () => inMonth(1),
    }[e.key];
    if (!to_) return;
    e.preventDefault();
    go(to_());
  };
  const noon = (d: string) => new Date(`${d}T12:00:00Z`);
  const name = (d: string) => intl.formatDate(noon(d), { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return (
    <Loaded query={answer}>
      {({ more, vague }) => (
        <div className="picture calendar">
          <section className="pane" aria-label={t('records.tab.calendar')}>
            <div className="pane-h">
              <Button variant="secondary" size="sm" onClick={() => setDay(inMonth(-1))} aria-label={t('records.calendar.previous')}>
                ‹
              </Button>
              <h2 aria-live="polite">{intl.formatDate(noon(`${month}-15`), { month: 'long', year: 'numeric', timeZone: 'UTC' })}</h2>
              <Button variant="secondary" size="sm" onClick={() => setDay(inMonth(1))} aria-label={t('records.calendar.next')}>
                ›
              </Button>
              <Button variant="link" size="sm" onClick={() => setDay(today())}>
                <T id="records.calendar.today" />
              </Button>
              <span className="muted small">
                {vague > 0 && <T id="records.calendar.vague" values={{ n: vague }} />} {more > 0 && <T id="records.calendar.more" values={{ n: more }} />}
              </span>
            </div>
            <div className="scroll">
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-element-to-interactive-role -- a grid of days, after the ARIA practices */}
              <table ref={cells} role="grid" className="month" aria-label={t('records.calendar.grid')} onKeyDown={onKeyDown}>
                <thead>
                  <tr>
                    {weeks[0]!.map((d) => (
                      <th key={d} scope="col" className="small">
                        {intl.formatDate(noon(d), { weekday: 'short', timeZone: 'UTC' })}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {weeks.map((week) => (
                    <tr key={week[0]}>
                      {week.map((d) => {
                        const here = on(d);
                        return (
                          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-to-interactive-role -- a cell of the grid; its keys are those of the grid
                          <td
                            key={d}
                            data-day={d}
                            tabIndex={d === day ? 0 : -1}
                            aria-selected={d === day}
                            className={[d.startsWith(month) ? '' : 'muted', d === day ? 'month-now' : '', d === today() ? 'month-today' : ''].join(' ')}
                            onClick={() => setDay(d)}
                          >
                            <span className="sr">{t('records.calendar.day', { day: name(d), n: here.length })}</span>
                            <span className="num month-day" aria-hidden="true">
                              {Number(d.slice(8))}
                            </span>
                            {here.slice(0, SHOWN).map((e) => (
                              <span key={e.code} className="month-entry small">
                                {visible(e.title)}
                              </span>
                            ))}
                            {here.length > SHOWN && (
                              <span className="small muted">
                                <T id="records.calendar.others" values={{ n: here.length - SHOWN }} />
                              </span>
                            )}
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
          <section className="pane" aria-label={t('records.calendar.list')}>
            <div className="pane-h">
              <h2>{name(day)}</h2>
            </div>
            <div className="scroll pad" tabIndex={0} role="region" aria-label={t('records.calendar.list')}>
              {on(day).length === 0 ? (
                <p className="muted">
                  <T id="records.calendar.nothing" />
                </p>
              ) : (
                <ul className="plain-list">
                  {on(day).map((e) => (
                    <li key={e.code} className="below">
                      <Link to="/record/$code" params={{ code: e.code }} search={{}}>
                        <Code>{e.code}</Code> <bdi>{visible(e.title)}</bdi>
                      </Link>
                      <br />
                      <span className="small muted">
                        {stateName(e.state)} · {words(e.value)}
                      </span>
                    </li>
                  ))}
                </ul>
              )}
            </div>
          </section>
        </div>
      )}
    </Loaded>
  );
}
