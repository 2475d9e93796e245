/* The commands of `pitchward vendor`. */
#ifndef CLI_VENDOR_PRIVATE_H
#define CLI_VENDOR_PRIVATE_H

int vendor_list_main(int argc, char **argv);
int vendor_status_main(int argc, char **argv);

#endif
