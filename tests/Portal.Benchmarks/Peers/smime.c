/* The peer of the S/MIME engine, in C on libcrypto: opaque signature, then AES-256-GCM, both as MIME with base64; and back,
 * with the path to a root. Usage: smime DIRECTORY protect|open|stream|protect-bare|open-bare CONTENT SECONDS
 * DIRECTORY holds signer.pem, signer.key, issuing.pem, root.pem, reader.pem, reader.key. Prints messages per CPU-second.
 * The bare modes leave out MIME and base64, which our engine does not. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char *directory;

static void demand(int ok, const char *what) {
    if (!ok) { fprintf(stderr, "%s failed\n", what); ERR_print_errors_fp(stderr); exit(1); }
}

static BIO *file(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    BIO *bio = BIO_new_file(path, "rb");
    demand(bio != NULL, name);
    return bio;
}

static X509 *certificate(const char *name) {
    BIO *bio = file(name);
    X509 *x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    demand(x != NULL, name);
    return x;
}

static EVP_PKEY *key(const char *name) {
    BIO *bio = file(name);
    EVP_PKEY *k = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    demand(k != NULL, name);
    return k;
}

static double cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec + 1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static X509 *signer, *reader;
static EVP_PKEY *signing, *reading;
static STACK_OF(X509) *along;
static X509_STORE *trust;
static int bare;

static int write_cms(BIO *out, CMS_ContentInfo *cms, BIO *in, int flags) {
    return bare ? i2d_CMS_bio_stream(out, cms, in, flags) : SMIME_write_CMS(out, cms, in, flags);
}

static CMS_ContentInfo *read_cms(BIO *in) {
    return bare ? d2i_CMS_bio(in, NULL) : SMIME_read_CMS(in, NULL);
}

static void protect(const char *content, long length, BIO *out, int flags) {
    BIO *in = BIO_new_mem_buf(content, (int)length), *inner = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(inner, 0);
    CMS_ContentInfo *sig = CMS_sign(signer, signing, along, in, CMS_BINARY | flags);
    demand(sig && write_cms(inner, sig, in, CMS_BINARY | flags), "sign");
    CMS_ContentInfo *enc = CMS_encrypt(NULL, inner, EVP_aes_256_gcm(), CMS_BINARY | CMS_PARTIAL | flags);
    CMS_RecipientInfo *ri = CMS_add1_recipient_cert(enc, reader, CMS_KEY_PARAM);
    demand(ri != NULL, "recipient");
    if (EVP_PKEY_is_a(reading, "RSA")) {
        EVP_PKEY_CTX *pctx = CMS_RecipientInfo_get0_pkey_ctx(ri);
        demand(EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_OAEP_PADDING) > 0 && EVP_PKEY_CTX_set_rsa_oaep_md(pctx, EVP_sha256()) > 0, "OAEP");
    }
    if (!(flags & CMS_STREAM)) {
        demand(CMS_final(enc, inner, NULL, CMS_BINARY), "encrypt");
    }
    demand(write_cms(out, enc, inner, CMS_BINARY | flags), "write");
    CMS_ContentInfo_free(enc);
    CMS_ContentInfo_free(sig);
    BIO_free(inner);
    BIO_free(in);
}

static void open_it(const char *bytes, long length) {
    BIO *message = BIO_new_mem_buf(bytes, (int)length), *inner = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(inner, 0);
    CMS_ContentInfo *enc = read_cms(message);
    demand(enc && CMS_decrypt(enc, reading, reader, NULL, inner, CMS_BINARY), "decrypt");
    CMS_ContentInfo *sig = read_cms(inner);
    demand(sig && CMS_verify(sig, NULL, trust, NULL, out, CMS_BINARY), "verify");
    CMS_ContentInfo_free(sig);
    CMS_ContentInfo_free(enc);
    BIO_free(inner);
    BIO_free(message);
    BIO_free(out);
}

int main(int argc, char **argv) {
    demand(argc == 5, "usage");
    directory = argv[1];
    signer = certificate("signer.pem");
    signing = key("signer.key");
    reader = certificate("reader.pem");
    reading = key("reader.key");
    along = sk_X509_new_null();
    sk_X509_push(along, certificate("issuing.pem"));
    trust = X509_STORE_new();
    X509_STORE_add_cert(trust, certificate("root.pem"));
    X509_STORE_set_purpose(trust, X509_PURPOSE_SMIME_SIGN);

    FILE *f = fopen(argv[3], "rb");
    demand(f != NULL, argv[3]);
    fseek(f, 0, SEEK_END);
    long length = ftell(f);
    rewind(f);
    char *content = malloc((size_t)length);
    demand(fread(content, 1, (size_t)length, f) == (size_t)length, "content");
    double seconds = atof(argv[4]);

    bare = strstr(argv[2], "-bare") != NULL;
    BIO *made = BIO_new(BIO_s_mem());
    protect(content, length, made, 0);
    char *bytes;
    long size = BIO_get_mem_data(made, &bytes);
    int opening = strncmp(argv[2], "open", 4) == 0, streaming = strcmp(argv[2], "stream") == 0, count = 0;
    double began = cpu();
    do {
        if (opening) {
            open_it(bytes, size);
        } else {
            BIO *out = BIO_new(streaming ? BIO_s_null() : BIO_s_mem());
            protect(content, length, out, streaming ? CMS_STREAM : 0);
            BIO_free(out);
        }
        count++;
    } while (cpu() - began < seconds);
    printf("%f\n", count / (cpu() - began));
    return 0;
}
