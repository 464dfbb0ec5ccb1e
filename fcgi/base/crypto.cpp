#include "base/crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace gatehouse {
namespace {

/// What OpenSSL cannot refuse but for want of memory or entropy.
void demand(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// OpenSSL's parameter structures take pointers to non-const, and only read them.
OSSL_PARAM digest_parameter(const char* key) {
  static std::array<char, 7> name = {"SHA256"};
  return OSSL_PARAM_construct_utf8_string(key, name.data(), 0);
}
OSSL_PARAM bytes_parameter(const char* key, std::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(key, const_cast<char*>(bytes.data()), bytes.size());
}

template <class T, void (*free)(T*)>
struct Freed {
  void operator()(T* object) const noexcept { free(object); }
};

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  demand(RAND_bytes(bytes_of(bytes), static_cast<int>(count)) == 1, "RAND_bytes");
  return bytes;
}

Secret hkdf_sha256(const Secret& key, std::string_view info, std::size_t length) {
  const std::unique_ptr<EVP_KDF, Freed<EVP_KDF, EVP_KDF_free>> kdf(
      EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX, EVP_KDF_CTX_free>> context(
      EVP_KDF_CTX_new(kdf.get()));
  const std::array parameters = {
      digest_parameter(OSSL_KDF_PARAM_DIGEST), bytes_parameter(OSSL_KDF_PARAM_KEY, key.view()),
      bytes_parameter(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string out(length, '\0');
  demand(context && EVP_KDF_derive(context.get(), bytes_of(out), length, parameters.data()) == 1,
         "HKDF");
  return Secret(std::move(out));
}

void HmacSha256::Free::operator()(evp_mac_ctx_st* context) const noexcept {
  EVP_MAC_CTX_free(context);
}

HmacSha256::HmacSha256(const Secret& key)
    : spare_(std::make_unique<Guarded<std::vector<Context>>>()) {
  const std::unique_ptr<EVP_MAC, Freed<EVP_MAC, EVP_MAC_free>> mac(
      EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  keyed_.reset(EVP_MAC_CTX_new(mac.get()));
  const std::array parameters = {digest_parameter(OSSL_MAC_PARAM_DIGEST),
                                 OSSL_PARAM_construct_end()};
  demand(keyed_ &&
             EVP_MAC_init(keyed_.get(), bytes_of(key.view()), key.size(), parameters.data()) == 1,
         "HMAC");
}

std::array<char, HmacSha256::kSize> HmacSha256::of(std::span<const std::string_view> parts) const {
  Context context = spare_->with([](std::vector<Context>& spare) -> Context {
    if (spare.empty()) return nullptr;
    Context last = std::move(spare.back());
    spare.pop_back();
    return last;
  });
  if (!context) context.reset(EVP_MAC_CTX_dup(keyed_.get()));
  // Without a key it begins anew with the one it has.
  bool done = context && EVP_MAC_init(context.get(), nullptr, 0, nullptr) == 1;
  for (const auto part : parts) {
    done = done && EVP_MAC_update(context.get(), bytes_of(part), part.size()) == 1;
  }
  std::array<char, kSize> mac{};
  std::size_t size = 0;
  done = done && EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(mac.data()), &size,
                               mac.size()) == 1;
  demand(done && size == kSize, "HMAC");
  spare_->with([&](std::vector<Context>& spare) { spare.push_back(std::move(context)); });
  return mac;
}

}  // namespace gatehouse
