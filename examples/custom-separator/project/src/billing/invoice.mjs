export const invoice = (amount) => ({ amount });
