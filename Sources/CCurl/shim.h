#include <curl/curl.h>
#include <sys/epoll.h>
