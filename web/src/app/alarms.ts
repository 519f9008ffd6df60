import { useQuery, useQueryClient } from '@tanstack/react-query';
import { alarms } from '../api/rights';
import { useServerEvent } from './events';

export const ALARMS = ['alarms'] as const;

// The alarms of the person; asked for again whenever the server says that there is a new one.
export function useAlarms() {
  const cache = useQueryClient();
  const again = () => void cache.invalidateQueries({ queryKey: ALARMS });
  useServerEvent('alarm', again);
  useServerEvent('again', again);
  return useQuery({ queryKey: ALARMS, queryFn: ({ signal }) => alarms.all(signal) });
}
