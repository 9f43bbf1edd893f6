// npm calls this in a clone on `npm install`, and in a clone of its own for `npm install --global git+https://…`: there twice,
// before it asks for the package and for the package. Makes the program, with no more than that takes.

import { BUNDLE, INSTALL_PROGRAM } from './lib/ci-steps.mjs';
import { giveBackGlobalPlace, isInstallInClone } from './lib/global-clone.mjs';
import { requireAll } from './lib/main.mjs';

/** pnpm calls this too, on each installation of the tools; what calls pnpm builds what it needs. */
const byPnpm = process.env.npm_config_user_agent?.startsWith('pnpm/');

if (isInstallInClone(process.env)) giveBackGlobalPlace(process.env);
else if (!byPnpm) await requireAll([INSTALL_PROGRAM, BUNDLE]);
