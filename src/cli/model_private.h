/* The commands of `pitchward model` that change something. */
#ifndef CLI_MODEL_PRIVATE_H
#define CLI_MODEL_PRIVATE_H

int model_promote_main(int argc, char **argv);
int model_rollback_main(int argc, char **argv);
int model_export_main(int argc, char **argv);
int model_import_main(int argc, char **argv);

#endif
