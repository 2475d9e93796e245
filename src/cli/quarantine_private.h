/* The commands of `pitchward quarantine`. */
#ifndef CLI_QUARANTINE_PRIVATE_H
#define CLI_QUARANTINE_PRIVATE_H

int quarantine_list_main(int argc, char **argv);
int quarantine_show_main(int argc, char **argv);
int quarantine_release_main(int argc, char **argv);
int quarantine_delete_main(int argc, char **argv);
int quarantine_expire_main(int argc, char **argv);

#endif
