import './trusted';
import '@patternfly/react-core/dist/styles/base.css';
import '@fontsource/noto-sans-arabic/400.css';
import '@fontsource/noto-sans-arabic/600.css';
import './app/density.css';
import './app/layout.css';
import './app/outside.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { takeReturn } from './app/signin/directory';
import { takeLinkToken } from './app/signin/link';

// Before anything else reads the address: a one-time token leaves it at once.
takeLinkToken();
takeReturn();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
