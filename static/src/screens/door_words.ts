// The sentences of the screens before the app (doors.tsx), in Vietnamese and English: they come with them.

import { language } from "../i18n/index.ts";

const SAID = {
  "inapp.title": ["Mở bằng {browser}", "Open in {browser}"],
  "inapp.why": ["Trong {app}, máy không giữ được bản ghi khi mất mạng.", "Inside {app}, the phone can't keep records without a connection."],
  "inapp.other": ["ứng dụng khác", "another app"],
  "inapp.kind": ["Loại máy", "Kind of phone"],
  "inapp.a1": ["Bấm ⋯ ở góc trên bên phải.", "Tap ⋯ at the top right."],
  "inapp.a2": ["Chọn Mở bằng trình duyệt.", "Choose Open in browser."],
  "inapp.a3": ["Bấm Cài đặt để có Lan Tỏa trên màn hình chính.", "Tap Install to have Lan Tỏa on the home screen."],
  "inapp.i1": ["Bấm ⋯ ở góc trên bên phải.", "Tap ⋯ at the top right."],
  "inapp.i2": ["Chọn Mở bằng Safari.", "Choose Open in Safari."],
  "inapp.i3": ["Bấm Chia sẻ, rồi Thêm vào MH chính.", "Tap Share, then Add to Home Screen."],
  "inapp.safe": ["Mã ghi danh của đồng chí chưa bị dùng.", "Your enrolment code has not been used."],
  "inapp.copy": ["Sao chép địa chỉ", "Copy the address"],
  "inapp.copied": ["Đã sao chép địa chỉ", "Address copied"],
  "iphone.title": ["Thêm vào màn hình chính", "Add to the home screen"],
  "iphone.why": ["iPhone chỉ giữ bản ghi lâu khi Lan Tỏa nằm trên màn hình chính.", "An iPhone keeps records for long only when Lan Tỏa is on the home screen."],
  "iphone.1": ["Bấm Chia sẻ ở thanh dưới của Safari.", "Tap Share in Safari's lower bar."],
  "iphone.2": ["Chọn Thêm vào MH chính, rồi Thêm.", "Choose Add to Home Screen, then Add."],
  "iphone.3": ["Mở Lan Tỏa từ màn hình chính và nhập mã ở đó.", "Open Lan Tỏa from the home screen and enter the code there."],
  "iphone.wipe": ["iPhone xóa dữ liệu trang chưa thêm vào màn hình chính sau 7 ngày.", "After 7 days an iPhone deletes data of pages that are not on the home screen."],
  "unsafe.title": ["Chưa an toàn, không ghi được", "Not secure: nothing can be recorded"],
  "unsafe.why": ["Trang này mở qua http. Máy không khóa được đường truyền và không giữ được bản ghi.", "This page was opened over http. The connection isn't protected and the phone can't keep records."],
  "unsafe.do": ["Mở lại bằng địa chỉ bắt đầu bằng https.", "Open it again with an address that begins with https."],
  "unsafe.ask": ["Nếu địa chỉ do người quản trị đưa, báo người quản trị bật https cho máy chủ.", "If the administrator gave you this address, ask for https to be switched on."],
  "unsafe.go": ["Mở bằng https", "Open with https"],
} as const;

export type DoorKey = keyof typeof SAID;

export const said = (key: DoorKey, params: Record<string, string> = {}): string =>
  SAID[key][language.value === "en" ? 1 : 0].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "");
