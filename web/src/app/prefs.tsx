// Theme, language and whether single keys act: all that this browser remembers. Nothing of a case is ever kept.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import { loadMessages } from './messages';
import { LOCALES, type Locale, type Messages } from './module';

export const THEMES = ['light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

type Prefs = {
  theme: Theme;
  setTheme: (theme: Theme) => void;
  locale: Locale;
  setLocale: (locale: Locale) => void;
  keys: boolean;
  setKeys: (on: boolean) => void;
};

const Context = createContext<Prefs | null>(null);

export function usePrefs(): Prefs {
  const prefs = useContext(Context);
  if (!prefs) throw new Error('usePrefs outside of PrefsProvider');
  return prefs;
}

function read<V extends string>(key: string, allowed: readonly V[], otherwise: V): V {
  try {
    const kept = localStorage.getItem(`custos.${key}`) as V | null;
    return kept && allowed.includes(kept) ? kept : otherwise;
  } catch {
    return otherwise;
  }
}

function keep(key: string, value: string) {
  try {
    localStorage.setItem(`custos.${key}`, value);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

const browserLocale = (): Locale => (navigator.language.startsWith('fr') ? 'fr' : 'en');

export function PrefsProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(() => read('theme', THEMES, 'light'));
  const [locale, setLocale] = useState<Locale>(() => read('locale', LOCALES, browserLocale()));
  const [keys, setKeys] = useState(() => read('keys', ['on', 'off'] as const, 'on') === 'on');
  const [loaded, setLoaded] = useState<{ locale: Locale; messages: Messages } | null>(null);

  useEffect(() => {
    const html = document.documentElement;
    html.classList.toggle('pf-v6-theme-dark', theme === 'dark');
    html.classList.toggle('pf-v6-theme-high-contrast', theme === 'contrast');
    keep('theme', theme);
  }, [theme]);
  useEffect(() => keep('keys', keys ? 'on' : 'off'), [keys]);
  useEffect(() => {
    let wanted = true;
    keep('locale', locale);
    void loadMessages(locale).then((messages) => {
      if (!wanted) return;
      document.documentElement.lang = locale;
      setLoaded({ locale, messages });
    });
    return () => {
      wanted = false;
    };
  }, [locale]);

  const silent = useCallback(() => undefined, []);
  const value = useMemo(() => ({ theme, setTheme, locale, setLocale, keys, setKeys }), [theme, locale, keys]);
  if (!loaded) return null;
  return (
    <Context.Provider value={value}>
      <IntlProvider locale={loaded.locale} messages={loaded.messages} onError={silent}>
        {children}
      </IntlProvider>
    </Context.Provider>
  );
}
