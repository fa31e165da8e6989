// The request has arrived: what was typed need not be kept any longer.

import { forget } from "./keep.js";

forget();
