/* Feedback as a mail on standard input. */
#ifndef CLI_FEEDBACK_PRIVATE_H
#define CLI_FEEDBACK_PRIVATE_H

int feedback_mail_main(int argc, char **argv);

#endif
