/** Who commits leftovers where git has no identity configured. */
export const FALLBACK_IDENTITY = { name: 'pwt', email: 'pwt@localhost' } as const;
