/* A bare loop over a PKCS#11 library: one session for each thread, the same key, as fast as the token goes.
   pkcs11 LIBRARY TOKEN PIN THREADS SECONDS prints signatures and raw RSA decryptions a second, RSA-3072. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef unsigned long CK_ULONG;
typedef unsigned char CK_BYTE;
typedef struct { CK_BYTE major, minor; } CK_VERSION;
typedef struct { CK_ULONG type; void *value; CK_ULONG length; } CK_ATTRIBUTE;
typedef struct { CK_ULONG mechanism; void *parameter; CK_ULONG length; } CK_MECHANISM;

/* CK_FUNCTION_LIST of PKCS#11 2.40 §4: a version, then the functions in the order of the specification. */
typedef struct { CK_VERSION version; CK_ULONG (*function[68])(); } FUNCTIONS;
enum { INITIALIZE = 0, GET_SLOTS = 4, GET_TOKEN = 6, OPEN = 12, LOGIN = 18, DECRYPT_INIT = 33, DECRYPT = 34, SIGN_INIT = 42, SIGN = 43, GENERATE_PAIR = 59 };

/* CK_C_INITIALIZE_ARGS: CKF_OS_LOCKING_OK. */
typedef struct { void *create, *destroy, *lock, *unlock; CK_ULONG flags; void *reserved; } ARGUMENTS;

static FUNCTIONS *pkcs11;
static CK_ULONG slot;
static double seconds;

static void demand(CK_ULONG result, const char *what) {
    if (result) {
        fprintf(stderr, "%s: 0x%lx\n", what, result);
        exit(1);
    }
}

static CK_ULONG generate(CK_ULONG session) {
    CK_ULONG bits = 3072, public_key, private_key;
    CK_BYTE yes = 1, exponent[] = { 1, 0, 1 };
    CK_ATTRIBUTE of_public[] = { { 0x121, &bits, sizeof bits }, { 0x122, exponent, sizeof exponent } };
    CK_ATTRIBUTE of_private[] = { { 0x108, &yes, 1 }, { 0x105, &yes, 1 } };
    CK_MECHANISM mechanism = { 0, NULL, 0 };
    demand(pkcs11->function[GENERATE_PAIR](session, &mechanism, of_public, 2UL, of_private, 2UL, &public_key, &private_key), "C_GenerateKeyPair");
    return private_key;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void *work(void *is_signing) {
    CK_ULONG session, length, *count = calloc(1, sizeof *count);
    CK_BYTE input[384] = { 0, 3 }, output[512];
    demand(pkcs11->function[OPEN](slot, 4UL | 2UL, NULL, NULL, &session), "C_OpenSession");
    CK_ULONG key = generate(session);
    CK_MECHANISM mechanism = { is_signing ? 1 : 3, NULL, 0 };
    for (double end = now() + seconds; now() < end; ++*count) {
        length = sizeof output;
        demand(pkcs11->function[is_signing ? SIGN_INIT : DECRYPT_INIT](session, &mechanism, key), "Init");
        demand(pkcs11->function[is_signing ? SIGN : DECRYPT](session, input, is_signing ? 51UL : 384UL, output, &length), "computation");
    }
    return count;
}

static double rate(int threads, int is_signing) {
    pthread_t thread[64];
    CK_ULONG all = 0, *count;
    for (int i = 0; i < threads; i++) pthread_create(&thread[i], NULL, work, is_signing ? &seconds : NULL);
    for (int i = 0; i < threads; i++) {
        pthread_join(thread[i], (void **)&count);
        all += *count;
    }
    return all / seconds;
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    void *library = dlopen(argv[1], RTLD_NOW);
    CK_ULONG (*list)(FUNCTIONS **) = library ? (CK_ULONG (*)(FUNCTIONS **))dlsym(library, "C_GetFunctionList") : NULL;
    if (!list) return 1;
    demand(list(&pkcs11), "C_GetFunctionList");
    ARGUMENTS arguments = { .flags = 2 };
    demand(pkcs11->function[INITIALIZE](&arguments), "C_Initialize");
    CK_ULONG slots[64], count = 64, session;
    demand(pkcs11->function[GET_SLOTS]((CK_BYTE)1, slots, &count), "C_GetSlotList");
    for (CK_ULONG i = 0; i < count; i++) {
        CK_BYTE token[512];
        demand(pkcs11->function[GET_TOKEN](slots[i], token), "C_GetTokenInfo");
        if (!strncmp((char *)token, argv[2], strlen(argv[2]))) slot = slots[i];
    }
    demand(pkcs11->function[OPEN](slot, 4UL | 2UL, NULL, NULL, &session), "C_OpenSession");
    demand(pkcs11->function[LOGIN](session, 1UL, argv[3], (CK_ULONG)strlen(argv[3])), "C_Login");
    seconds = atof(argv[5]);
    printf("%.1f ", rate(atoi(argv[4]), 1));
    printf("%.1f\n", rate(atoi(argv[4]), 0));
    return 0;
}
