/* A small labelled corpus in a folder, for tests of what learns from one. */
#ifndef TESTS_MODEL_KIT_H
#define TESTS_MODEL_KIT_H

#include <glib.h>

#define MODEL_KIT_AUTHORS 6
#define MODEL_KIT_MAILS	  10 /* of each author, one of them fraud */

/* Writes a file; folders on its way are made. */
void model_kit_write(const char *folder, const char *name, const char *text);

/*
 * Writes labels.tsv, authors.tsv, the profiles ada (priority edr) and ben
 * (priority vans), and the messages of all authors.
 */
void model_kit_corpus(const char *folder);

/* The text of a card with its checksum made right again; takes the text. */
char *model_kit_seal(char *card);

#endif
