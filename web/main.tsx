import './style/base.css';
import './style/controls.css';
import './style/overview.css';
import './style/room.css';
import './style/timeline.css';
import './style/log.css';
import './style/results.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
