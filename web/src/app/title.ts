import { useEffect } from 'react';
import { useT } from '../ui/i18n';

// The title of the window: the kind of page, never a name of a case, an item or a person.
export function useTitle(id: string) {
  const t = useT();
  const title = `${t(id)} · Custos`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
