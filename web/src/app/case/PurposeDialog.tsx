import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core';
import { useT } from '../../ui/i18n';
import { Loaded } from '../problem';
import { usePurpose } from './data';
import { PurposeForm } from './PurposeForm';
import './case.css';

// The same question over a page: to choose anew, or because an act on a case asked for it.
export default function PurposeDialog({ caseId, onClose }: { caseId: string; onClose: (chosen: boolean) => void }) {
  const t = useT();
  return (
    <Modal variant="small" isOpen onClose={() => onClose(false)} aria-labelledby="purpose-title">
      <ModalHeader title={t('app.purpose.title')} labelId="purpose-title" description={t('app.purpose.body')} />
      <ModalBody>
        <Loaded query={usePurpose(caseId)}>
          {(state) => <PurposeForm caseId={caseId} state={state} onDone={() => onClose(true)} onCancel={() => onClose(false)} />}
        </Loaded>
      </ModalBody>
    </Modal>
  );
}
