// Files in a field of the page's own form: what waits there goes along when it is sent.

/** Let `field` hold these files and no others. */
export function hold(field, files) {
  const held = new DataTransfer();
  files.forEach((one) => held.items.add(one));
  field.files = held.files;
}
