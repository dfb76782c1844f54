/** The server's icon: a picture in a folder. */
export const ICON_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">' +
  '<path fill="#2b4acb" d="M6 14a5 5 0 0 1 5-5h14l6 7h22a5 5 0 0 1 5 5v29a5 5 0 0 1-5 5H11a5 5 0 0 1-5-5z"/>' +
  '<rect x="14" y="24" width="36" height="24" rx="3" fill="#fff"/>' +
  '<circle cx="22" cy="31" r="3" fill="#f5b942"/>' +
  '<path fill="#3aa675" d="m16 46 10-9 6 5 8-9 8 9v4z"/></svg>';
