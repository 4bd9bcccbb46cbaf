// Why something stays on the phone, in Vietnamese and English: for every reason that the server's catalogue, a proxy or the phone itself gives.
// They come with the part that helps (help.tsx): few ever need one.

import { language } from "../i18n/index.ts";

type Said = readonly [vi: string, en: string];

const OTHER_NETWORK: Said = ["Mạng này chặn bản này. Thử mạng khác.", "This network blocks it. Try another network."];
const OLD_APP: Said = ["Máy chủ không hiểu ứng dụng này. Cập nhật Lan Tỏa.", "The server does not understand this app. Update Lan Tỏa."];
const ENROL: Said = ["Máy chủ không nhận ra chữ ký của máy này. Ghi danh lại máy.", "The server does not know this phone's signature. Enrol the phone again."];
const UNREADABLE: Said = ["Máy chủ không đọc được vỏ của bản ghi.", "The server cannot read the record's envelope."];
const TOO_BIG: Said = ["Bản này lớn quá mức mạng hoặc máy chủ cho qua.", "It is larger than the network or the server lets through."];
const FAULT: Said = ["Máy chủ gặp lỗi khi nhận bản này.", "The server failed while taking it."];
const DAMAGED: Said = ["Ảnh đến nơi không còn nguyên vẹn.", "The photo arrives damaged."];
const FORGOTTEN: Said = ["Máy chủ không còn biết lần gửi ảnh này.", "The server no longer knows this upload."];
const BUSY: Said = ["Máy chủ đang bận.", "The server is busy."];

export const WHY: Record<string, Said> = {
  "line-cut": ["Đường truyền đứt mỗi lần gửi bản này. Thử mạng khác.", "The line breaks whenever this is sent. Try another network."],
  "receipt-unverified": ["Chữ ký nhận không đúng; có thể mạng này chen vào giữa. Thử mạng khác.", "The receipt's signature is wrong; this network may interfere. Try another network."],
  "no-result": ["Máy chủ không trả lời về bản này.", "The server said nothing about it."],
  "photo-missing-on-phone": ["Ảnh không còn đủ trên máy này.", "The photo is no longer whole on this phone."],
  "photo-not-there": ["Máy đã gửi hết ảnh, nhưng máy chủ báo chưa có.", "The phone sent the whole photo, but the server says it has not arrived."],
  "upload-restless": ["Lần gửi ảnh nào cũng phải bắt đầu lại.", "The upload has to begin anew each time."],
  "record-missing-on-phone": ["Bản ghi này chưa gửi và không còn đủ trên máy.", "This record was not sent and is no longer whole on this phone."],
  "body-incomplete": ["Bản này đến nơi bị cụt. Thử mạng khác.", "It arrives cut short. Try another network."],
  "body-too-large": TOO_BIG, "batch-too-large": TOO_BIG, "body-encoding-invalid": OLD_APP, "body-encoding-unknown": OLD_APP, "length-required": OLD_APP,
  "media-type-unsupported": OLD_APP, "json-invalid": OLD_APP, "request-invalid": OLD_APP, "tus-version-unsupported": OLD_APP, "checksum-unsupported": OLD_APP, "method-unmeant": OLD_APP,
  "server-busy": BUSY, "too-many-attempts": BUSY, "not-found": FORGOTTEN,
  "token-unknown": ["Máy chủ không còn nhận ra máy này. Ghi danh lại máy.", "The server no longer knows this phone. Enrol it again."],
  "device-revoked": ["Máy này đã bị thu hồi quyền.", "This phone was revoked."],
  "account-disabled": ["Tài khoản này đã bị khóa.", "This account was disabled."],
  "record-invalid": UNREADABLE, "envelope-invalid": UNREADABLE, "envelope-unreadable": UNREADABLE,
  "digest-mismatch": ["Nội dung bản ghi không khớp với dấu của nó.", "The record's content does not fit its digest."],
  "signature-invalid": ENROL, "device-foreign": ENROL, "record-not-stored": FAULT,
  "media-unknown": FORGOTTEN, "media-not-there": FORGOTTEN,
  "media-promise-differs": ["Máy chủ đã có một ảnh khác mang số này.", "The server has another photo under this number."],
  "media-offset-differs": ["Máy và máy chủ không đếm như nhau phần ảnh đã gửi.", "Phone and server disagree on how much of the photo was sent."],
  "media-busy": ["Máy chủ còn đang nhận ảnh này từ lần gửi trước.", "The server is still taking this photo from the try before."],
  "media-complete": ["Máy chủ đã có đủ ảnh này.", "The server has the whole photo."], "media-erased": ["Ảnh này đã được xóa ở máy chủ.", "The photo was erased on the server."],
  "media-digest-mismatch": DAMAGED, "checksum-mismatch": DAMAGED,
  "media-quota": ["Hôm nay máy này đã gửi đủ số ảnh được phép.", "This phone has sent as many photos as a day allows."],
  "storage-failing": ["Máy chủ không ghi được vào ổ đĩa của nó.", "The server cannot write to its disk."],
  "storage-full": ["Máy chủ hết chỗ chứa.", "The server has no room."],
};

/** By a problem's slug; of what nobody has words for, what its number says. */
export function whyOf(slug: string | undefined): string {
  const status = Number(/^http-(\d+)$/.exec(slug ?? "")?.[1]);
  const said = WHY[slug ?? ""] ?? (status === 413 ? TOO_BIG : status < 500 ? OTHER_NETWORK : FAULT);
  return said[language.value === "en" ? 1 : 0];
}

const SENTENCES = {
  record: ["Đã thử {n} lần, máy chủ chưa ký nhận. {why} Bản ghi vẫn an toàn trên máy này.", "Tried {n} times, the server has not signed. {why} The record is safe on this phone."],
  photo: ["Bản ghi đã gửi. Đã thử {n} lần, ảnh chưa gửi được. {why} Ảnh vẫn nằm trên máy này.", "The record was sent. Tried {n} times, a photo was not. {why} The photo is still on this phone."],
  lost: ["{why} Ghi lại buổi này và báo người quản trị.", "{why} Record it again and tell the administrator."],
  gone: ["Bản ghi đã gửi. {why} Không thử lại được: báo người quản trị.", "The record was sent. {why} Trying again does not help: tell the administrator."],
  restored: ["Máy chủ vừa được khôi phục", "The server was restored"],
  "restored.sub": ["Từ {at}, máy chủ chạy lại từ bản sao lưu. Máy này tự gửi lại những gì máy chủ thiếu; không phải làm gì thêm.", "Since {at} the server runs from its backup. This phone sends again whatever the server lacks; there is nothing to do."],
  wiped: ["Đã xóa {n} bản ghi đã gửi", "{n} sent records were forgotten"],
  "wiped.sub": ["Máy này bị thu hồi quyền, máy chủ ký lệnh xóa lúc {at}. Bản chưa gửi vẫn còn và vẫn được nhận.", "This phone was revoked; the server signed the order at {at}. What was not sent is still here and is still taken."],
  disabled: ["Tài khoản này đã bị khóa", "This account was disabled"],
  "disabled.sub": ["Bản ghi và ảnh vẫn được máy chủ nhận và giữ. Liên hệ người quản trị.", "Records and photos are still taken and kept by the server. Ask the administrator."],
  stuck: ["Đã thử {n} lần, máy chủ vẫn chưa nhận", "Tried {n} times, the server still takes nothing"],
  "stuck.sub": ["{why} Bản ghi vẫn an toàn trên máy này. Sao chép lỗi gửi người quản trị.", "{why} The records are safe on this phone. Copy the error for the administrator."],
} as const satisfies Record<string, Said>;

export const told = (key: keyof typeof SENTENCES, params: Record<string, string | number> = {}): string =>
  SENTENCES[key][language.value === "en" ? 1 : 0].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ""));
