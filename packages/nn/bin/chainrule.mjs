#!/usr/bin/env node
/**
 * The command in a clone, where the sources run as they are; the published package has dist/cli/start.cjs in this place.
 */

import { register } from "tsx/esm/api";

register();
await import("../src/cli/main.ts");
