// When the app can't begin: an emptied store, or a fault of its own. Both must stand without a network.

import { t } from "../i18n/index.ts";
import { Actions, Screen } from "../ui/frame.tsx";
import { Mark } from "../ui/icon.tsx";
import { Banner, Button } from "../ui/parts.tsx";
import { toast } from "../ui/sheet.tsx";

export async function copy(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    prompt(said, text); // the browser refuses: the text stands there to be copied by hand
  }
}

export function StoreEmptied({ onEnrol }: { onEnrol: () => void }) {
  return (
    <Screen name="store-emptied" title={t("empty.title")}>
      <main class="body hint-body">
        <Mark />
        <h1>{t("empty.title")}</h1>
        <Banner tone="attn" alert>{t("empty.why")}</Banner>
        <p>{t("empty.safe")}</p>
        <p>{t("empty.do")}</p>
      </main>
      <Actions><Button kind="primary" onClick={onEnrol}>{t("empty.go")}</Button></Actions>
    </Screen>
  );
}

export function BootFault({ fault }: { fault: unknown }) {
  const said = fault instanceof Error ? `${fault.name}: ${fault.message}\n${fault.stack ?? ""}` : String(fault);
  return (
    <Screen name="boot-fault" title={t("boot.fault")}>
      <main class="body hint-body">
        <Mark />
        <h1>{t("boot.fault")}</h1>
        <Banner tone="error" alert>{t("boot.fault.sub")}</Banner>
      </main>
      <Actions>
        <Button kind="secondary" icon="copy" onClick={() => void copy(said, t("boot.copied"))}>{t("boot.copy")}</Button>
        <Button kind="primary" icon="refresh" onClick={() => location.reload()}>{t("go.retry")}</Button>
      </Actions>
    </Screen>
  );
}
