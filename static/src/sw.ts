// The service worker of browsers without Background Sync: what the page has not sent, it sends when it is opened.
// A classic script, as every browser knows it; and the address that phones of version 0.1 ask for.
import { answerForApp } from "./worker.ts";

answerForApp();
