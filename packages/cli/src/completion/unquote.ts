/** A word as the shell would hand it to a program, as far as that takes no expansion: without quotes and backslashes. Pure. */
export function unquote(word: string): string {
  let text = '';
  let quote: string | undefined;
  for (let at = 0; at < word.length; at += 1) {
    const sign = word.charAt(at);
    if (quote === "'") {
      if (sign === "'") quote = undefined;
      else text += sign;
    } else if (sign === '\\') {
      at += 1;
      text += word.charAt(at);
    } else if (sign === quote) quote = undefined;
    else if (quote === undefined && (sign === '"' || sign === "'")) quote = sign;
    else text += sign;
  }
  return text;
}
