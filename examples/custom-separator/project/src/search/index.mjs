export const search = (texts, word) => texts.filter((text) => text.includes(word));
