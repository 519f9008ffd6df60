import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { queries } from '../../../api/records';
import { ProblemAlert } from '../../../app/problem';
import { T } from '../../../ui/i18n';
import { save } from '../../../ui/save';

// What is in the list, as a file: the fields that are open, and noted in the ledger first.
export function Export({ query }: { query: string }) {
  const fetch = useMutation({ mutationFn: (format: string) => queries.file(query, format), onSuccess: ({ blob, name }) => save(blob, name) });
  return (
    <>
      {fetch.error && <ProblemAlert error={fetch.error} />}
      <span className="muted">
        <T id="records.export" />
      </span>
      {['csv', 'xlsx', 'json'].map((format) => (
        <Button key={format} variant="link" size="sm" isInline isDisabled={fetch.isPending} onClick={() => fetch.mutate(format)}>
          {format.toUpperCase()}
        </Button>
      ))}
    </>
  );
}
