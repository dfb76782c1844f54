/** Whether the server has only its reading tools; it says so on the page's first element. */
export function isReadOnly(): boolean {
  return document.documentElement.dataset["readOnly"] !== undefined;
}
