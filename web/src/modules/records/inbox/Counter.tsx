import { InboxIcon } from '@patternfly/react-icons/dist/esm/icons/inbox-icon';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { T, useT } from '../../../ui/i18n';
import { useInbox } from '../data';
import { useWarnOnClose } from '../form/drafts';

// How much waits for this person. Asked anew when they move on, never by a clock: that would keep a session awake.
export default function Counter({ path }: { path: string }) {
  const t = useT();
  useWarnOnClose(); // here, because this stands above every page
  const { data, refetch, isStale } = useInbox();
  useEffect(() => {
    if (isStale) void refetch();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- when the page changes
  }, [path]);
  const n = data ? data.tasks.length + data.notices.filter((x) => !x.read).length : 0;
  return (
    <Link to="/inbox" className="who" title={t('records.inbox.title')}>
      <InboxIcon aria-hidden="true" />
      <span className="sr">
        <T id="records.inbox.counter" values={{ n }} />
      </span>
      {n > 0 && (
        <strong className="num" aria-hidden="true">
          {n}
        </strong>
      )}
    </Link>
  );
}
