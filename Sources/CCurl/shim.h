#ifndef FNRUN_CCURL_SHIM_H
#define FNRUN_CCURL_SHIM_H

#include <curl/curl.h>
#include <sys/epoll.h>

// Swift calls no variadic C functions: one wrapper for each type of argument. The parentheses around the functions'
// names keep curl's type-checking macros out, which need constant options.

static inline CURLcode ccurl_easy_set_long(CURL *handle, CURLoption option, long value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_easy_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_easy_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_easy_set_string(CURL *handle, CURLoption option, const char *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_easy_on_write(CURL *handle, curl_write_callback function, void *context) {
    CURLcode code = (curl_easy_setopt)(handle, CURLOPT_WRITEFUNCTION, function);
    return code ? code : (curl_easy_setopt)(handle, CURLOPT_WRITEDATA, context);
}

static inline CURLcode ccurl_easy_on_prerequest(CURL *handle, curl_prereq_callback function, void *context) {
    CURLcode code = (curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, function);
    return code ? code : (curl_easy_setopt)(handle, CURLOPT_PREREQDATA, context);
}

// 0 and NULL if libcurl does not know.
static inline long ccurl_easy_get_long(CURL *handle, CURLINFO info) {
    long value = 0;
    return (curl_easy_getinfo)(handle, info, &value) == CURLE_OK ? value : 0;
}

static inline void *ccurl_easy_get_pointer(CURL *handle, CURLINFO info) {
    void *value = NULL;
    return (curl_easy_getinfo)(handle, info, &value) == CURLE_OK ? value : NULL;
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

static inline CURLMcode ccurl_multi_on_socket(CURLM *multi, curl_socket_callback function, void *context) {
    CURLMcode code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, function);
    return code ? code : (curl_multi_setopt)(multi, CURLMOPT_SOCKETDATA, context);
}

static inline CURLMcode ccurl_multi_on_timer(CURLM *multi, curl_multi_timer_callback function, void *context) {
    CURLMcode code = (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, function);
    return code ? code : (curl_multi_setopt)(multi, CURLMOPT_TIMERDATA, context);
}

// The next finished transfer, or NULL; how it ended is put into `code`.
static inline CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *code) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *code = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

// The file of certificate authorities that libcurl was built for, or NULL.
static inline const char *ccurl_built_in_authorities(void) {
    return curl_version_info(CURLVERSION_NOW)->cainfo;
}

// Sets what an epoll descriptor watches on a socket; `what` is CURL_POLL_IN, CURL_POLL_OUT or CURL_POLL_INOUT.
// Returns 0, or -1 and errno (epoll_ctl(2)).
static inline int ccurl_epoll_watch(int epoll, curl_socket_t socket, int what, int is_watched) {
    struct epoll_event event = {0};
    event.data.fd = socket;
    event.events = ((what & CURL_POLL_IN) ? EPOLLIN : 0) | ((what & CURL_POLL_OUT) ? EPOLLOUT : 0);
    return epoll_ctl(epoll, is_watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
}

static inline int ccurl_epoll_forget(int epoll, curl_socket_t socket) {
    struct epoll_event event = {0};
    return epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event);
}

enum { ccurl_round_size = 256 };

// Hands the sockets that are ready now, at most ccurl_round_size, to libcurl. Returns how many there were.
static inline int ccurl_run_ready(CURLM *multi, int epoll) {
    struct epoll_event events[ccurl_round_size];
    int running = 0;
    int count = epoll_wait(epoll, events, ccurl_round_size, 0);
    for (int index = 0; index < count; index += 1) {
        uint32_t seen = events[index].events;
        int what = ((seen & EPOLLIN) ? CURL_CSELECT_IN : 0) | ((seen & EPOLLOUT) ? CURL_CSELECT_OUT : 0);
        if (seen & (EPOLLERR | EPOLLHUP)) {
            what |= CURL_CSELECT_ERR;
        }
        curl_multi_socket_action(multi, events[index].data.fd, what, &running);
    }
    return count < 0 ? 0 : count;
}

#endif
