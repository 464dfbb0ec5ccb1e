#include "password/format/prehash.h"

#include <utility>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/kdf/digest.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

std::string md5_hex(std::string_view password) {
  return hex_encode(digest_of(Digest::md5, {password}));
}
std::string sha256_base64(std::string_view password) {
  return base64_encode(digest_of(Digest::sha256, {password}));
}

}  // namespace

KdfPointer over_md5(KdfPointer inner) {
  return make_prehashed(std::move(inner), md5_hex, "MD5");
}
KdfPointer over_sha256_base64(KdfPointer inner) {
  return make_prehashed(std::move(inner), sha256_base64, "SHA-256");
}

}  // namespace gatehouse::password
