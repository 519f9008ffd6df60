import { Alert, AlertActionLink } from '@patternfly/react-core';
import { T, useT } from '../../../ui/i18n';

// What was typed before and not saved is back.
export function DraftNote({ onDrop }: { onDrop: () => void }) {
  const t = useT();
  return (
    <Alert
      variant="info"
      isInline
      className="below"
      title={t('records.form.restored')}
      actionLinks={
        <AlertActionLink onClick={onDrop}>
          <T id="records.form.discard" />
        </AlertActionLink>
      }
    />
  );
}
