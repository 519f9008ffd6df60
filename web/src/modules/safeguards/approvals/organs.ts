import { useQuery } from '@tanstack/react-query';
import { people } from '../../../api/server';

export const useOrgans = () => useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => people.roles(signal), staleTime: 300_000 }).data?.organs;
export const useRoleLabels = () => useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => people.roles(signal), staleTime: 300_000 }).data?.roles;
