import { useQuery } from '@tanstack/react-query';
import { useIntl } from 'react-intl';
import { labels, purposes } from '../../api/rights';
import type { Label } from '../../api/types';

export const purposeKey = (caseId: string) => ['purpose', caseId] as const;
export const labelKey = (caseId: string) => ['label', caseId] as const;

export const usePurpose = (caseId: string) => useQuery({ queryKey: purposeKey(caseId), queryFn: ({ signal }) => purposes.one(caseId, signal), staleTime: 60_000 });
export const useLabel = (caseId: string) => useQuery({ queryKey: labelKey(caseId), queryFn: ({ signal }) => labels.one(caseId, signal), staleTime: 30_000 });
export const useCompartments = () => useQuery({ queryKey: ['compartments'], queryFn: ({ signal }) => labels.compartments(signal) });

// Words of the policy in the language of the interface.
export function useInLanguage(): (words: Label) => string {
  const { locale } = useIntl();
  return (words) => words[locale.startsWith('fr') ? 'fr' : 'en'];
}
