#ifndef FNRUN_CCURL_SHIM_H
#define FNRUN_CCURL_SHIM_H

#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

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

static inline CURLcode ccurl_easy_on_sockets(
    CURL *handle, curl_opensocket_callback opener, curl_closesocket_callback closer, void *context) {
    CURLcode code = (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, opener);
    code = code ? code : (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETDATA, context);
    code = code ? code : (curl_easy_setopt)(handle, CURLOPT_CLOSESOCKETFUNCTION, closer);
    return code ? code : (curl_easy_setopt)(handle, CURLOPT_CLOSESOCKETDATA, context);
}

// Opens a socket that child processes do not get: they would hold the connection open (libcurl 7.88 lets them).
static inline curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// 0 and NULL if libcurl does not know.
static inline long ccurl_easy_get_long(CURL *handle, CURLINFO info) {
    long value = 0;
    return (curl_easy_getinfo)(handle, info, &value) == CURLE_OK ? value : 0;
}

static inline curl_off_t ccurl_easy_get_offset(CURL *handle, CURLINFO info) {
    curl_off_t value = 0;
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
static inline int ccurl_epoll_watch(int epoll, int descriptor, int what, int is_watched) {
    struct epoll_event event = {0};
    event.data.fd = descriptor;
    event.events = ((what & CURL_POLL_IN) ? EPOLLIN : 0) | ((what & CURL_POLL_OUT) ? EPOLLOUT : 0);
    return epoll_ctl(epoll, is_watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &event);
}

static inline int ccurl_epoll_forget(int epoll, int descriptor) {
    struct epoll_event event = {0};
    return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event);
}

struct ccurl_ready {
    int descriptor;
    // CURL_CSELECT_IN, CURL_CSELECT_OUT. What is broken counts as both: reading and writing tell how. CURL_CSELECT_ERR
    // would make libcurl drop what was received before the break.
    int what;
};

enum { ccurl_round_size = 256 };

// Waits for descriptors that are ready, at most ccurl_round_size. Returns their number; 0 after the timeout.
static inline int ccurl_epoll_wait(int epoll, struct ccurl_ready *ready, int milliseconds) {
    struct epoll_event events[ccurl_round_size];
    int count = epoll_wait(epoll, events, ccurl_round_size, milliseconds);
    for (int index = 0; index < count; index += 1) {
        uint32_t seen = events[index].events;
        int is_broken = (seen & (EPOLLERR | EPOLLHUP)) != 0;
        ready[index].descriptor = events[index].data.fd;
        ready[index].what = ((seen & EPOLLIN) || is_broken ? CURL_CSELECT_IN : 0)
            | ((seen & EPOLLOUT) || is_broken ? CURL_CSELECT_OUT : 0);
    }
    return count < 0 ? 0 : count;
}

static inline int ccurl_bell_open(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static inline void ccurl_bell_ring(int bell) {
    eventfd_write(bell, 1);
}

static inline void ccurl_bell_silence(int bell) {
    eventfd_t count;
    eventfd_read(bell, &count);
}

#endif
