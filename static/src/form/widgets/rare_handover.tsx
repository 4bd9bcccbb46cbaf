// "Xuất tệp bàn giao": the last resort of a phone that can't send. Few ever need it, so it is a part of its own and brings its own words.

import { useEffect, useState } from "preact/hooks";
import { bytes } from "../../i18n/format.ts";
import { language } from "../../i18n/language.ts";
import { desk } from "../../session.ts";
import { Banner, Button } from "../../ui/parts.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { handoverOf, type Handover as Made } from "./rare/handover.ts";

const WORDS = {
  vi: {
    title: "Xuất tệp bàn giao", busy: "Đang gom bản ghi", what: (n: number, photos: number, size: string) => `Tệp có ${n} bản ghi và ${photos} ảnh chưa gửi, ${size}.`,
    open: "Tệp không khóa: ai mở được tệp đều đọc được câu trả lời và xem được ảnh. Chép bằng dây hay thẻ nhớ, đưa tận tay người quản trị, rồi xóa tệp. Đừng gửi qua Zalo, thư điện tử.",
    drafts: "Bản nháp không có trong tệp: ghi xong rồi hãy xuất.", stays: "Bản ghi vẫn nằm trên máy này và vẫn tự gửi. Nộp bằng cả hai cách cũng chỉ tính một lần.",
    go: "Lưu tệp", none: "Không còn gì chờ gửi nên không có tệp nào để xuất.", fault: "Chưa làm được tệp. Bản ghi vẫn nằm trên máy này.", saved: "Tệp nằm trong mục Tải xuống của máy.",
  },
  en: {
    title: "Export a hand-over file", busy: "Gathering the records", what: (n: number, photos: number, size: string) => `The file holds ${n} records and ${photos} photos that were not sent, ${size}.`,
    open: "The file is not locked: whoever can open it can read the answers and see the photos. Copy it by cable or card, hand it to the administrator in person, then delete it. Don't send it by chat or mail.",
    drafts: "Drafts are not in the file: finish them first.", stays: "The records stay on this phone and still send themselves. Handed over in both ways they count once.",
    go: "Save the file", none: "Nothing waits, so there is nothing to export.", fault: "The file could not be made. The records are still on this phone.", saved: "The file is among the phone's downloads.",
  },
} as const;

export function Handover({ onClose }: { onClose: () => void }) {
  const [made, make] = useState<Made | "fault" | "saved" | null>(null);
  const say = WORDS[language.value];
  useEffect(() => { handoverOf(desk.value!.account, new Date()).then(make, () => make("fault")); }, []);
  return (
    <Sheet title={say.title} onClose={onClose}>
      <div class="stack sheet-body" data-handover={typeof made === "string" ? made : made ? made.records + made.photos : "busy"}>
        {made === null && <p role="status">{say.busy}</p>}
        {made === "fault" && <Banner tone="error" alert>{say.fault}</Banner>}
        {made === "saved" && <p role="status">{say.saved} {say.stays}</p>}
        {made && typeof made === "object" && <Contents made={made} onSaved={() => make("saved")} />}
      </div>
    </Sheet>
  );
}

function Contents({ made, onSaved }: { made: Made; onSaved: () => void }) {
  const say = WORDS[language.value];
  if (made.records + made.photos === 0) return <p>{say.none}</p>;
  return (
    <>
      <p><b>{say.what(made.records, made.photos, bytes(made.file.size))}</b></p>
      <Banner tone="attn" icon="lock">{say.open}</Banner>
      <p>{say.stays} {say.drafts}</p>
      <div class="actions"><Button kind="primary" icon="down" onClick={() => { save(made); onSaved(); }}>{say.go}</Button></div>
    </>
  );
}

const LATER_MS = 60_000;

function save({ file, name }: Made): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), LATER_MS);
}
