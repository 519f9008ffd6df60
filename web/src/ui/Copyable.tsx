// Something to be carried elsewhere, with a button that copies it and says so.
import { Button } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { T } from './i18n';

export function Copyable({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className="copyable">
      <output className="mono copyable-text" aria-label={label}>
        <bdi dir="ltr">{text}</bdi>
      </output>
      <Button variant="secondary" size="sm" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
        <T id={copied ? 'ui.copied' : 'ui.copy'} />
      </Button>
    </div>
  );
}
