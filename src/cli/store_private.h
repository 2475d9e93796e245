/* The commands of `pitchward store` that copy. */
#ifndef CLI_STORE_PRIVATE_H
#define CLI_STORE_PRIVATE_H

int store_backup_main(int argc, char **argv);
int store_restore_main(int argc, char **argv);
int store_migrate_main(int argc, char **argv);

#endif
