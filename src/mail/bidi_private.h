/*
 * Letters that U+202E (right-to-left override) shows from the last to the
 * first, so that "\u202Eomed" is read "demo".
 */
#ifndef MAIL_BIDI_PRIVATE_H
#define MAIL_BIDI_PRIVATE_H

/*
 * Puts them in the order in which a person reads them, in place. The controls
 * stay, as they are evidence, and so does what is written from the right
 * anyway. `text` is valid UTF-8.
 */
void bidi_show(char *text);

#endif
