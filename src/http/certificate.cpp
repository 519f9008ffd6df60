#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>
#include <http/server.h>

#include <arpa/inet.h>
#include <filesystem>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace http {
namespace {

using Key = base::Handle<EVP_PKEY, EVP_PKEY_free>;
using Certificate = base::Handle<X509, X509_free>;
using Memory = base::Handle<BIO, BIO_free>;

void need(bool ok) {
  if (!ok) base::fault("OpenSSL cannot make a certificate");
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long n = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(n)};
}

void extend(X509* x, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, x, x, nullptr, nullptr, 0);
  const base::Handle<X509_EXTENSION, X509_EXTENSION_free> e(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  need(e && X509_add_ext(x, e.get(), -1) == 1);
}

std::string bare(const std::string& name) {  // "[::1]" and "name:8443" as a certificate names them
  if (name.starts_with('[')) return name.substr(1, name.find(']') - 1);
  if (std::ranges::count(name, ':') > 1) return name;
  return name.substr(0, name.find(':'));
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    const std::string n = bare(name);
    unsigned char address[16];
    const bool ip =
        ::inet_pton(AF_INET, n.c_str(), address) == 1 || ::inet_pton(AF_INET6, n.c_str(), address) == 1;
    for (const char c : n)
      if (c == ',' || c == ' ') base::fault("a name of the server holds a comma or space: " + n);
    out.append(out.empty() ? "" : ",").append(ip ? "IP:" : "DNS:").append(n);
  }
  return out;
}

std::string fingerprint(X509* x) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  need(X509_digest(x, EVP_sha256(), digest, &n) == 1);
  return base::hex({reinterpret_cast<const char*>(digest), n});
}

Certificate load(const std::string& path) {
  if (!base::file_exists(path)) return nullptr;
  const std::string pem = base::read_file(path);
  const Memory m(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(m.get(), nullptr, nullptr, nullptr));
}

}  // namespace

CertificateFiles own_certificate(const std::string& folder, const std::vector<std::string>& names,
                                 const base::Clock& clock) {
  CertificateFiles out{folder + "/certificate.pem", folder + "/certificate.key", {}};
  std::time_t now = clock.unix_micros() / 1'000'000, soon = now + 30 * 86400;
  const std::string alternatives = alternative_names(names);
  if (const Certificate old = load(out.certificate_file); old && base::file_exists(out.key_file)) {
    bool covers = X509_cmp_time(X509_get0_notAfter(old.get()), &soon) > 0;
    for (const std::string& name : names)
      covers = covers && (X509_check_host(old.get(), bare(name).c_str(), 0, 0, nullptr) == 1 ||
                          X509_check_ip_asc(old.get(), bare(name).c_str(), 0) == 1);
    if (covers) {
      out.fingerprint = fingerprint(old.get());
      return out;
    }
  }
  std::filesystem::create_directories(folder);
  const Key key(EVP_EC_gen("P-256"));
  const Certificate x(X509_new());
  need(key && x && X509_set_version(x.get(), 2) == 1);
  std::string serial = base::random_bytes(16);
  serial[0] = static_cast<char>(serial[0] & 0x7f);
  const base::Handle<BIGNUM, BN_free> number(BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()),
                                                       static_cast<int>(serial.size()), nullptr));
  need(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x.get())));
  need(X509_time_adj_ex(X509_getm_notBefore(x.get()), -1, 0, &now) &&
       X509_time_adj_ex(X509_getm_notAfter(x.get()), 397, 0, &now));
  X509_NAME* subject = X509_get_subject_name(x.get());
  const std::string common = names.empty() ? "custos" : bare(names.front()).substr(0, 64);
  need(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common.data()),
                                  static_cast<int>(common.size()), -1, 0) == 1);
  need(X509_set_issuer_name(x.get(), subject) == 1 && X509_set_pubkey(x.get(), key.get()) == 1);
  extend(x.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(x.get(), NID_key_usage, "critical,digitalSignature");
  extend(x.get(), NID_ext_key_usage, "serverAuth");
  if (!alternatives.empty()) extend(x.get(), NID_subject_alt_name, alternatives);
  need(X509_sign(x.get(), key.get(), EVP_sha256()) > 0);

  const Memory key_text(BIO_new(BIO_s_mem())), text(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
       PEM_write_bio_X509(text.get(), x.get()) == 1);
  std::string secret = text_of(key_text.get());
  base::replace_file(out.key_file, secret, 0600);
  base::wipe(secret);
  base::replace_file(out.certificate_file, text_of(text.get()), 0644);
  out.fingerprint = fingerprint(x.get());
  return out;
}

}  // namespace http
