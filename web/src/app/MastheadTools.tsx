import { Button, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { EyeSlashIcon } from '@patternfly/react-icons/dist/esm/icons/eye-slash-icon';
import { KeyboardIcon } from '@patternfly/react-icons/dist/esm/icons/keyboard-icon';
import { SignOutAltIcon } from '@patternfly/react-icons/dist/esm/icons/sign-out-alt-icon';
import { UserIcon } from '@patternfly/react-icons/dist/esm/icons/user-icon';
import { Link } from '@tanstack/react-router';
import { Suspense } from 'react';
import { me } from '../api/server';
import { T, useT } from '../ui/i18n';
import { useAlarms } from './alarms';
import type { Locale } from './module';
import { moduleParts } from './parts';
import { THEMES, usePrefs } from './prefs';
import { useSession } from './session';
import { setVeil } from './Veil';

export function ThemeChoice() {
  const t = useT();
  const { theme, setTheme } = usePrefs();
  return (
    <ToggleGroup aria-label={t('app.theme')} isCompact>
      {THEMES.map((x) => (
        <ToggleGroupItem key={x} text={t(`app.theme.${x}`)} buttonId={`theme-${x}`} isSelected={theme === x} onChange={() => setTheme(x)} />
      ))}
    </ToggleGroup>
  );
}

export function LanguageChoice({ onChoice }: { onChoice?: (locale: Locale) => void }) {
  const t = useT();
  const { locale, setLocale } = usePrefs();
  const choose = (x: Locale) => {
    setLocale(x);
    onChoice?.(x);
  };
  return (
    <ToggleGroup aria-label={t('app.language')} isCompact>
      <ToggleGroupItem text={<span lang="en">English</span>} buttonId="language-en" isSelected={locale === 'en'} onChange={() => choose('en')} />
      <ToggleGroupItem text={<span lang="fr">Français</span>} buttonId="language-fr" isSelected={locale === 'fr'} onChange={() => choose('fr')} />
    </ToggleGroup>
  );
}

// How many alarms wait; nothing stands there while none does.
function Alarms() {
  const unseen = useAlarms().data?.unseen ?? 0;
  return (
    <span role="status">
      {unseen > 0 && (
        <Link to="/alarms" className="who danger">
          <T id="app.alarms" values={{ n: unseen }} />
        </Link>
      )}
    </span>
  );
}

const PARTS = moduleParts('masthead');

export function MastheadTools({ path, onKeys }: { path: string; onKeys: () => void }) {
  const t = useT();
  const { session, signOut } = useSession();
  return (
    <div className="tools">
      {PARTS.map(({ id, Part }) => (
        <Suspense key={id} fallback={null}>
          <Part path={path} />
        </Suspense>
      ))}
      <Button variant="plain" icon={<KeyboardIcon />} aria-label={t('app.action.keys')} title={`${t('app.action.keys')} (?)`} onClick={onKeys} />
      <Button variant="plain" icon={<EyeSlashIcon />} aria-label={t('app.action.hide')} title={`${t('app.action.hide')} (F9)`} onClick={() => setVeil(true)} />
      <ThemeChoice />
      <LanguageChoice onChoice={(l) => void me.language(l).catch(() => undefined)} />
      <Alarms />
      <Link to="/account" className="who">
        <UserIcon aria-hidden="true" /> <bdi>{session?.person.name}</bdi>
        <span className="sr">
          {' '}
          <T id="app.account.title" />
        </span>
      </Link>
      <Button variant="plain" icon={<SignOutAltIcon />} aria-label={t('app.signOut')} title={t('app.signOut')} onClick={() => void signOut()} />
    </div>
  );
}
