import { useQuery } from '@tanstack/react-query';
import { useIntl } from 'react-intl';
import { cases, people } from '../../../api/server';
import type { Role, Roles } from '../../../api/types';

export const PEOPLE = ['people'] as const;

export const usePeople = () => useQuery({ queryKey: PEOPLE, queryFn: ({ signal }) => people.all(signal) });
export const useRoles = () => useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => people.roles(signal), staleTime: 300_000 });
export const useCases = () => useQuery({ queryKey: ['cases'], queryFn: ({ signal }) => cases.all(signal) });

// A role in the language of the interface.
export function useRoleText(): (role: Role) => { label: string; description: string } {
  const { locale } = useIntl();
  const language = locale.startsWith('fr') ? 'fr' : 'en';
  return (role) => ({ label: role.label[language], description: role.description[language] });
}

export function useRoleName(roles: Roles | undefined): (id: string) => string {
  const text = useRoleText();
  return (id) => {
    const role = roles?.roles.find((r) => r.id === id);
    return role ? text(role).label : id;
  };
}

// The pairs of roles that one person may not hold together, of those chosen.
export const forbiddenAmong = (roles: Roles | undefined, chosen: readonly string[]) =>
  (roles?.forbidden_together ?? []).filter(([a, b]) => chosen.includes(a) && chosen.includes(b));
