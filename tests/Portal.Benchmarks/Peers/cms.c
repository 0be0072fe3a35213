/* The floor: sign (P-256) and encrypt (RSA-3072 OAEP, AES-256-GCM), decrypt and verify, in memory, in C on libcrypto.
 * Prints milliseconds of CPU: protect 10 KB, open 10 KB, protect 1 MB. */
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void demand(int ok, const char *what) {
    if (!ok) { fprintf(stderr, "%s failed\n", what); exit(1); }
}

static X509 *certify(EVP_PKEY *key, const char *name) {
    X509 *x = X509_new();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_set_pubkey(x, key);
    demand(X509_sign(x, key, EVP_sha256()), "certificate");
    return x;
}

static BIO *protect(BIO *in, X509 *signer, EVP_PKEY *signing, STACK_OF(X509) *to) {
    CMS_ContentInfo *sig = CMS_sign(signer, signing, NULL, in, CMS_BINARY);
    demand(sig != NULL, "sign");
    BIO *inner = BIO_new(BIO_s_mem());
    i2d_CMS_bio(inner, sig);
    CMS_ContentInfo *enc = CMS_encrypt(NULL, NULL, EVP_aes_256_gcm(), CMS_BINARY | CMS_PARTIAL);
    CMS_RecipientInfo *ri = CMS_add1_recipient_cert(enc, sk_X509_value(to, 0), CMS_KEY_PARAM);
    demand(EVP_PKEY_CTX_set_rsa_padding(CMS_RecipientInfo_get0_pkey_ctx(ri), RSA_PKCS1_OAEP_PADDING) > 0, "OAEP");
    demand(CMS_final(enc, inner, NULL, CMS_BINARY), "encrypt");
    BIO *out = BIO_new(BIO_s_mem());
    i2d_CMS_bio(out, enc);
    CMS_ContentInfo_free(enc);
    CMS_ContentInfo_free(sig);
    BIO_free(inner);
    return out;
}

static void open_it(BIO *message, X509 *reader, EVP_PKEY *reading, X509_STORE *trust) {
    CMS_ContentInfo *enc = d2i_CMS_bio(message, NULL);
    BIO *inner = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
    demand(enc && CMS_decrypt(enc, reading, reader, NULL, inner, CMS_BINARY), "decrypt");
    CMS_ContentInfo *sig = d2i_CMS_bio(inner, NULL);
    demand(sig && CMS_verify(sig, NULL, trust, NULL, out, CMS_BINARY), "verify");
    CMS_ContentInfo_free(sig);
    CMS_ContentInfo_free(enc);
    BIO_free(inner);
    BIO_free(out);
}

static double since(clock_t began, int times) { return 1000.0 * (double)(clock() - began) / CLOCKS_PER_SEC / times; }

int main(void) {
    EVP_PKEY *signing = EVP_EC_gen("P-256"), *reading = EVP_RSA_gen(3072);
    X509 *signer = certify(signing, "signer"), *reader = certify(reading, "reader");
    STACK_OF(X509) *to = sk_X509_new_null();
    sk_X509_push(to, reader);
    X509_STORE *trust = X509_STORE_new();
    X509_STORE_add_cert(trust, signer);
    X509_STORE_set_purpose(trust, X509_PURPOSE_ANY);
    int sizes[] = {10 * 1024, 1024 * 1024}, times[] = {400, 60};
    double took[3] = {0};
    for (int i = 0; i < 2; i++) {
        char *content = malloc((size_t)sizes[i]);
        memset(content, 'x', (size_t)sizes[i]);
        clock_t began = clock();
        for (int n = 0; n < times[i]; n++) {
            BIO *in = BIO_new_mem_buf(content, sizes[i]);
            BIO_free(protect(in, signer, signing, to));
            BIO_free(in);
        }
        took[i * 2] = since(began, times[i]);
        if (i == 0) {
            BIO *in = BIO_new_mem_buf(content, sizes[i]);
            BIO *made = protect(in, signer, signing, to);
            char *bytes;
            long length = BIO_get_mem_data(made, &bytes);
            began = clock();
            for (int n = 0; n < times[i]; n++) {
                BIO *message = BIO_new_mem_buf(bytes, (int)length);
                open_it(message, reader, reading, trust);
                BIO_free(message);
            }
            took[1] = since(began, times[i]);
        }
        free(content);
    }
    printf("%f %f %f\n", took[0], took[1], took[2]);
    return 0;
}
