import { Card, CardBody } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { T } from '../../ui/i18n';
import { LanguageChoice, ThemeChoice } from '../MastheadTools';
import { useTitle } from '../title';

// The plain page around everything that happens before the shell.
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className="signin" id="main" tabIndex={-1}>
      <div className="signin-box">
        <p className="signin-brand">
          <strong>Custos</strong>
        </p>
        <Card>
          <CardBody>
            <h1>
              <T id={title} />
            </h1>
            {children}
          </CardBody>
        </Card>
        <div className="signin-tools">
          <ThemeChoice />
          <LanguageChoice />
        </div>
      </div>
    </main>
  );
}
