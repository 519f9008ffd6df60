import { Button, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { labels } from '../../../api/rights';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { T } from '../../../ui/i18n';

// A new compartment: whoever makes it stands within it, and alone.
export function NewCompartment() {
  const cache = useQueryClient();
  const missing = useMissing();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => missing(() => labels.makeCompartment(name.trim())),
    onSuccess: async () => {
      setName('');
      await cache.invalidateQueries({ queryKey: ['compartments'] });
    },
  });
  const ready = name.trim() !== '' && !make.isPending;
  return (
    <form
      className="new-compartment"
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) make.mutate();
      }}
    >
      <label htmlFor="new-compartment">
        <T id="admin.clearance.new" />
      </label>
      <TextInput id="new-compartment" dir="auto" value={name} onChange={(_, v) => setName(v)} autoComplete="off" />
      <Button type="submit" size="sm" variant="secondary" isDisabled={!ready}>
        <T id="admin.clearance.make" />
      </Button>
      {make.error && <ProblemAlert error={make.error} />}
    </form>
  );
}
