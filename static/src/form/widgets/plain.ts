// A form's text as it stands on the screen: words only.

/** Signs of emphasis and of headings are left out; words and addresses stay. */
export const plain = (text: string): string => text.replace(/^#+ +/gm, "").replace(/(\*\*|__)(?=\S)(.*?\S)\1/g, "$2").replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, "$1 ($2)").replace(/<\/?[a-z][^>]*>/gi, "");
